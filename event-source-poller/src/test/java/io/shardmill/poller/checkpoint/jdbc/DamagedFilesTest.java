package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import java.io.IOException;
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
            if (outcome.startsWith("SILENT")) {
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
        } catch (CheckpointStoreException refused) {
            String message = String.valueOf(refused.getMessage());
            return message.contains(damaged.resolve(GuardedStore.FILE).toString())
                    ? "refused"
                    : "SILENT about the file: " + message;
        }
    }
}
