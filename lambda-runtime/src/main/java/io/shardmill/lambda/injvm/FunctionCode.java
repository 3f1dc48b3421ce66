package io.shardmill.lambda.injvm;

import java.nio.file.Path;

/**
 * A function's code.
 *
 * @param location a folder with classes and {@code lib/*.jar}, or a jar with everything in it. Classes are read when
 *     they are first used, so nothing there may change while the code is in use: a new version gets a place of its own
 * @param handler {@code pkg.Class} or {@code pkg.Class::method}
 */
public record FunctionCode(Path location, String handler) {}
