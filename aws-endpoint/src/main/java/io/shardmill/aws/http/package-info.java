/** AWS's services over HTTP: who may ask, how much, and in whose name. Knows no service. */
@NullMarked
package io.shardmill.aws.http;

import org.jspecify.annotations.NullMarked;
