package io.shardmill.aws.lambda;

import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.runtime.arn.AwsScope;
import java.time.InstantSource;

/**
 * How Lambda's interface is served.
 *
 * @param scope the region and account of functions and mappings
 * @param clock what starting positions of mappings may not be after
 * @param unsupported what becomes of settings that mean nothing here
 */
public record LambdaSettings(AwsScope scope, InstantSource clock, UnsupportedSettings unsupported) {}
