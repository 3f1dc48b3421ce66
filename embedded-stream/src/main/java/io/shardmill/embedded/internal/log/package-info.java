/**
 * Keeps the records: for each shard a log of segment files, written by one thread and read by any.
 *
 * <h2>Who does what</h2>
 *
 * The log thread makes every change. Callers' puts reach it through a queue; it writes all that wait at one moment
 * together, forces them if that is promised, shows them to readers, and wakes those. Readers read through memory
 * mappings and share no file with it. So an interrupt of a caller or a reader closes no file.
 *
 * <h2>A segment file</h2>
 *
 * A header of 64 bytes, then frames, then perhaps zeros, which are free space. All numbers are big-endian. The header:
 *
 * <pre>
 * offset  bytes
 *      0      8  the text SHMLSEG2
 *      8     16  the stream's incarnation
 *     24      8  first counter that this segment may hold
 *     32      8  counter of the last record before this segment, 0 if there was none
 *     40      8  latest arrival in all segments before this one, milliseconds since the epoch
 *     48      4  the shard's index
 *     52      8  0
 *     60      4  CRC32C of the 60 bytes before it
 * </pre>
 *
 * A frame of n bytes, with a key of k and data of d bytes (n = 26 + k + d):
 *
 * <pre>
 * offset  bytes
 *      0      1  0xA7
 *      1      3  n
 *      4      8  counter
 *     12      8  arrival, milliseconds since the epoch
 *     20      2  k
 *     22      k  partition key in UTF-8
 * 22 + k      d  data
 *  n - 4      4  CRC32C of the n - 4 bytes before it
 * </pre>
 *
 * Counter and arrival make the sequence number, together with the shard's index and creation second. The counter's
 * upper 32 bits are the opening number, which grows, durably, each time the folder is opened (docs/adr/0030).
 */
@NullMarked
package io.shardmill.embedded.internal.log;

import org.jspecify.annotations.NullMarked;
