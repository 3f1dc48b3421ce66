package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.deploy.Deployment.Declaration;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deploys functions of the application's configuration and reloads them when their code changes. One thread at a time. */
final class DeclaredFunctions {

    private static final Logger LOG = LoggerFactory.getLogger(DeclaredFunctions.class);

    private final CodeStore codes;
    private final Hosts hosts;
    private final Deployments deployments;

    DeclaredFunctions(CodeStore codes, Hosts hosts, Deployments deployments) {
        this.codes = codes;
        this.hosts = hosts;
        this.deployments = deployments;
    }

    FunctionDescription declare(FunctionConfiguration configuration, CodeSource code, String origin) {
        hosts.check(configuration);
        String name = configuration.name();
        Deployment before = deployments.get(name);
        if (before != null && before.declared() == null) {
            LOG.warn("{} overrides the stored function '{}' while the property is set", origin, name);
            if (before.code() != null) {
                before.code().retain(); // its definition stays, so its code must, too
            }
        }
        return load(configuration, new Declaration(origin, new CodeWatch(code)));
    }

    void reloadWhatChanged() {
        for (Deployment deployment : deployments.all()) {
            Declaration declared = deployment.declared();
            try {
                if (declared != null && declared.watch().hasChanged()) {
                    load(deployment.configuration(), declared);
                }
            } catch (RuntimeException failed) { // the others' code is checked none the less
                LOG.warn(
                        "Could not check whether the code of function '{}' has changed",
                        deployment.configuration().name(),
                        failed);
            }
        }
    }

    /** Loads the code; keeps the previous version running when it can't be used. */
    private FunctionDescription load(FunctionConfiguration configuration, Declaration declared) {
        String name = configuration.name();
        CodeSource source = declared.watch().source();
        Deployment deployment;
        try {
            CodeRevision code = codes.store(name, source);
            try {
                FunctionDetails details = details(code);
                FunctionVersion version = hosts.open(configuration, FunctionDetails.LATEST, code);
                deployment = new Deployment(configuration, details, code, version, null, declared);
            } catch (RuntimeException | Error unusable) {
                code.release();
                throw unusable;
            }
            LOG.info("Function '{}' runs the code of {}", name, source);
        } catch (DeploymentException unusable) {
            String failure = declared.origin() + "." + unusable.getMessage();
            deployment = failed(configuration, declared, failure);
            LOG.error(
                    deployment.version() == null
                            ? "{}. Batches of function '{}' wait until it changes"
                            : "{}. Function '{}' keeps running its previous code",
                    failure,
                    name);
        }
        deployments.put(deployment);
        return deployment.describe();
    }

    private Deployment failed(FunctionConfiguration configuration, Declaration declared, String failure) {
        Deployment before = deployments.get(configuration.name());
        return before == null
                ? new Deployment(configuration, details(CodeDigest.NONE), null, null, failure, declared)
                : new Deployment(configuration, before.details(), before.code(), before.version(), failure, declared);
    }

    private static FunctionDetails details(CodeRevision code) {
        try {
            return details(CodeDigest.of(code));
        } catch (IOException unreadable) {
            throw new DeploymentException("code: its copy can't be read: " + unreadable, unreadable);
        }
    }

    private static FunctionDetails details(CodeDigest code) {
        return FunctionDetails.now(FunctionDetails.LATEST, code, FunctionLabels.NONE);
    }
}
