/**
 * Backups of a data folder, taken while it is in use, and their restore.
 *
 * <pre>
 * SHA256SUMS           checksums of all other files, as {@code sha256sum -c} reads them; written last
 * backup.json          {@link io.shardmill.spring.backup.BackupManifest}
 * checkpoints.jsonl    rows of checkpoints and mappings, a line each; read before the streams were copied
 * streams/             the folder of the embedded streams
 * functions/           functions that were created at run time, with their code
 * </pre>
 */
@NullMarked
package io.shardmill.spring.backup;

import org.jspecify.annotations.NullMarked;
