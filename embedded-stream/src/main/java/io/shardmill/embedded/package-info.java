/**
 * Durable, Kinesis-shaped streams in this process; begin with {@link io.shardmill.embedded.EmbeddedStreams}.
 *
 * <p>This package holds the streams that are open and what is done with them: resharding, retention, tags, consumers,
 * backups, and the adapters to the poller's ports. It stands on four others, each of which knows only those after it:
 * {@code internal.log} keeps the records, {@code internal.metadata} keeps everything else, {@code internal.files} has
 * the kinds of files that both are kept in, {@code model} is what users meet.
 *
 * <h2>The folder</h2>
 *
 * <pre>
 * lock                                            held while the folder is open; the process id, streams.meta's version
 * streams.meta                                    streams, consumers, tags, shards, segments, opening number; replaced
 *                                                 as a whole, changes of segments are appended
 * &lt;stream&gt;-&lt;incarnation&gt;/
 *   shardId-000000000003.0000070000000000.log     a segment, named after the first counter that it may hold
 * </pre>
 */
@NullMarked
package io.shardmill.embedded;

import org.jspecify.annotations.NullMarked;
