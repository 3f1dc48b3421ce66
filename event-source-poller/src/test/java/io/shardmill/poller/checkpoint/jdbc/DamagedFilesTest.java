package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.DamagedCheckpointsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Ddamages.seed=4711} plays one seed again, {@code -Ddamages=100000} more damages. */
class DamagedFilesTest {

    private static final int DAMAGES = Integer.getInteger("damages", 1_000);
    private static final int LIVES = 3;
    private static final int BLOCK = 4_096;

    /** The file begins with two copies of its header, a block each. */
    private static final int HEADERS = 2;

    @TempDir
    private Path folder;

    /** The folder's two files after each clean stop, the newest last. */
    private record Stopped(byte[] file, byte[] mark) {}

    private enum Damage {
        FLIPPED_BYTE {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                byte[] damaged = file.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
                return damaged;
            }
        },
        TRUNCATED {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                return Arrays.copyOf(file, random.nextInt(file.length));
            }
        },
        ZEROED_BLOCK {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                byte[] damaged = file.clone();
                int from = random.nextInt(damaged.length / BLOCK) * BLOCK;
                Arrays.fill(damaged, from, from + BLOCK, (byte) 0);
                return damaged;
            }
        },
        OLDER_BLOCK {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                byte[] damaged = file.clone();
                int from = random.nextInt(Math.min(damaged.length, older.file.length) / BLOCK) * BLOCK;
                System.arraycopy(older.file, from, damaged, from, BLOCK);
                return damaged;
            }
        },
        OLDER_FILE {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                return older.file;
            }
        },
        EMPTY {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                return new byte[0];
            }
        },
        CUT_AT_A_BLOCK {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                int block = random.nextInt(3) * BLOCK;
                return Arrays.copyOf(file, Math.max(1, block + random.nextInt(-1, 2)));
            }
        },
        FLIPPED_IN_BOTH_HEADERS {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                byte[] damaged = file.clone();
                int length = new String(file, 0, BLOCK, StandardCharsets.ISO_8859_1)
                        .trim()
                        .length();
                for (int header = 0; header < HEADERS; header++) {
                    damaged[header * BLOCK + random.nextInt(length)] ^= (byte) (1 + random.nextInt(255));
                }
                return damaged;
            }
        },
        RANDOM_HEADERS {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                byte[] headers = new byte[HEADERS * BLOCK];
                random.nextBytes(headers);
                byte[] damaged = file.clone();
                System.arraycopy(headers, 0, damaged, 0, headers.length);
                return damaged;
            }
        },
        RANDOM_BYTES {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                byte[] damaged = new byte[1 + random.nextInt(4 * BLOCK)];
                random.nextBytes(damaged);
                return damaged;
            }
        },
        RANDOM_CHUNKS {
            @Override
            byte[] of(byte[] file, Stopped older, Random random) {
                byte[] damaged = new byte[file.length];
                random.nextBytes(damaged);
                System.arraycopy(file, 0, damaged, 0, HEADERS * BLOCK);
                return damaged;
            }
        };

        /** The bytes of the damaged file. */
        abstract byte[] of(byte[] file, Stopped older, Random random);
    }

    @Test
    void no_damage_of_a_stopped_file_is_silent() throws IOException {
        long seed = Long.getLong("damages.seed", new Random().nextLong());
        System.out.println("DamagedFilesTest seed " + seed);
        Random random = new Random(seed);
        Path prepared = Files.createDirectory(folder.resolve("prepared"));
        Stopped[] lives = new Stopped[LIVES];
        List<Object> dump = List.of();
        for (int life = 0; life < LIVES; life++) {
            try (GuardedStore store = GuardedStore.open(prepared)) {
                if (life == 0) {
                    store.fill(4);
                }
                store.work(life + 1);
                dump = store.dump();
            }
            lives[life] = new Stopped(
                    Files.readAllBytes(prepared.resolve(GuardedStore.FILE)),
                    Files.readAllBytes(prepared.resolve(GuardedStore.MARK)));
        }
        Stopped newest = lives[LIVES - 1];
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int count = 0; count < DAMAGES; count++) {
            Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
            Path damaged = folder.resolve("damaged-" + count);
            Files.createDirectory(damaged);
            Files.write(
                    damaged.resolve(GuardedStore.FILE),
                    damage.of(newest.file, lives[random.nextInt(LIVES - 1)], random));
            Files.write(damaged.resolve(GuardedStore.MARK), newest.mark);
            String outcome = open(damaged, dump);
            outcomes.merge(damage + " " + outcome, 1, Integer::sum);
            if (outcome.matches("(?s)(SILENT|UNRECOGNIZED).*")) {
                fail("seed " + seed + ", damage " + count + ": " + damage + ": " + outcome);
            }
        }
        System.out.println(outcomes);
        assertThat(outcomes).containsKey("FLIPPED_BYTE refused").doesNotContainKey("OLDER_FILE whole");
    }

    private static String open(Path damaged, List<Object> dump) {
        try {
            GuardedStore store = GuardedStore.open(damaged);
            List<Object> found = store.dump();
            store.kill();
            return found.equals(dump) ? "whole" : "SILENT: " + found + "\ninstead of\n" + dump;
        } catch (DamagedCheckpointsException refused) {
            String message = String.valueOf(refused.getMessage());
            return message.contains(damaged.resolve(GuardedStore.FILE).toString())
                    ? "refused"
                    : "SILENT about the file: " + message;
        } catch (CheckpointStoreException unrecognized) {
            return "UNRECOGNIZED: " + unrecognized + ", " + unrecognized.getCause();
        }
    }
}
