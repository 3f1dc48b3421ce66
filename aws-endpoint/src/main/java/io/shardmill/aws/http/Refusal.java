package io.shardmill.aws.http;

/**
 * Why a request is not let through to its service.
 *
 * @param status of HTTP
 * @param code AWS's name of the error, such as {@code UnrecognizedClientException}
 * @param message what is wrong, and what to do
 */
public record Refusal(int status, String code, String message) {}
