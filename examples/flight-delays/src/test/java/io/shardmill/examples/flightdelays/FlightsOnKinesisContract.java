package io.shardmill.examples.flightdelays;

import java.net.URI;

/** On a Kinesis. */
abstract class FlightsOnKinesisContract extends FlightsOnAnotherStreamContract {

    /** @param flights how many are put: a slow Kinesis is given fewer */
    FlightsOnKinesisContract(int flights) {
        super(flights);
    }

    /** Of a Kinesis that has the stream {@code flights}, of four shards. */
    abstract URI endpoint();

    @Override
    final FlightProcess start(String stream, String... arguments) {
        return FlightProcess.onKinesis(endpoint(), stream, folder, arguments);
    }

    @Override
    final String[] slowly() {
        return new String[] {
            "--shardmill.streams.flights.polling.minimum-idle=2s", "--shardmill.streams.flights.polling.maximum-idle=2s"
        };
    }
}
