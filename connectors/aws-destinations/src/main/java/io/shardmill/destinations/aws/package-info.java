/** On-failure destinations on AWS, found by their ARNs: SQS queues, SNS topics and S3 buckets. */
@NullMarked
package io.shardmill.destinations.aws;

import org.jspecify.annotations.NullMarked;
