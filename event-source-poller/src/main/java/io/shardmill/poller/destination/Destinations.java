package io.shardmill.poller.destination;

import io.shardmill.poller.mapping.InvalidMappingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All destinations a mapping can name: those registered by name, then those of the catalogs, in order. */
public final class Destinations implements DestinationCatalog {

    private final Map<String, OnFailureDestination> registered;
    private final List<DestinationCatalog> catalogs;

    /** @param catalogs such as {@link BuiltInDestinations}, or a connector's for the ARNs it serves */
    public Destinations(Map<String, OnFailureDestination> registered, List<DestinationCatalog> catalogs) {
        this.registered = new TreeMap<>(registered);
        this.catalogs = List.copyOf(catalogs);
    }

    @Override
    public Optional<OnFailureDestination> find(String name) {
        OnFailureDestination destination = registered.get(name);
        if (destination != null) {
            return Optional.of(destination);
        }
        return catalogs.stream().flatMap(catalog -> catalog.find(name).stream()).findFirst();
    }

    /**
     * Returns the destination that a mapping names.
     *
     * @param stream which the mapping reads
     * @throws InvalidMappingException if there is none of that name, or it can't be used, or not for that stream
     */
    public OnFailureDestination require(String name, String stream) {
        try {
            OnFailureDestination destination = find(name)
                    .orElseThrow(() -> new InvalidMappingException(
                            "on-failure",
                            "'" + name + "'",
                            "is no destination here: it must be file:<path>, log, an ARN (needs"
                                    + " shardmill-aws-destinations), kafka://<topic> (needs shardmill-kafka), or the name"
                                    + " of a registered one " + registered.keySet()));
            destination.requireTakes(stream);
            return destination;
        } catch (InvalidMappingException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidMappingException("on-failure", "'" + name + "'", "can't be used: " + e.getMessage());
        }
    }
}
