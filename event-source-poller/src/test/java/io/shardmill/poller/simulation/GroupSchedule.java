package io.shardmill.poller.simulation;

import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.control.Replay;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.testkit.FakeGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One seed's story of a group: random events and faults for a while, then everything heals and must come to its end. */
final class GroupSchedule {

    /** A session that expires, a hand-over that waits in vain, and a handler that hangs. */
    private static final Duration HEALING = Duration.ofMinutes(3);

    private final GroupWorld world;
    private final Random random;
    private final Steps steps;
    private final List<GroupProcess> alive = new ArrayList<>();
    private final List<GroupDatabase> databases = new ArrayList<>();
    private final EventSourceMapping mapping;
    private int processes;

    private GroupSchedule(long seed, GroupWorld.Plant plant, Tally tally, ErrorLog errors, boolean detailed) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 3);
        this.world = new GroupWorld(random, plant, tally, detailed);
        this.steps = new Steps(random, world.time, world.story, world.verdict, errors, () -> {});
        int sharing = random.nextInt(3);
        if (sharing < 2) {
            databases.add(GroupDatabase.of("shared", true));
        }
        for (int count = sharing == 0 ? 0 : sharing + 1; count > 0; count--) {
            databases.add(GroupDatabase.of("private-" + count, false));
        }
        this.mapping = EventSourceMapping.of("orders", "orders")
                .with(new StartingPosition.TrimHorizon())
                .with(new Batching(1 + random.nextInt(5), Duration.ZERO, 1 + random.nextInt(3)));
    }

    /** Plays it; returns what went wrong and how it came to that, or null. */
    static @Nullable String play(long seed, GroupWorld.Plant plant, Tally tally, ErrorLog errors, boolean detailed) {
        errors.take();
        GroupSchedule schedule = new GroupSchedule(seed, plant, tally, errors, detailed);
        return schedule.steps.play(schedule::play);
    }

    /** Plays it with all details, and tells them. */
    static String tell(long seed, ErrorLog errors) {
        GroupSchedule schedule = new GroupSchedule(seed, GroupWorld.Plant.NONE, new Tally(), errors, true);
        schedule.play();
        return schedule.world.story.toString();
    }

    private void play() {
        startProcess();
        for (int events = 15 + random.nextInt(40); events > 0; events--) {
            event();
            steps.some(random.nextInt(25));
        }
        heal();
    }

    private void event() {
        alive.removeIf(process -> !process.isAlive());
        if (alive.isEmpty()) {
            whileNobodyRuns();
            startProcess();
            return;
        }
        int draw = random.nextInt(100);
        if (draw < 35) {
            for (int count = 1 + random.nextInt(5); count > 0; count--) {
                world.put();
            }
        } else if (draw < 55) {
            long millis = random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(3_000);
            tell("let " + millis + " ms pass");
            steps.pass(millis);
        } else if (draw < 63) {
            weather();
        } else if (draw < 70) {
            startProcess();
        } else if (draw < 76) {
            tell("the group assigns anew");
            world.group.shuffle();
            world.tally.count("assigned anew");
        } else if (draw < 79) {
            changeTopic();
        } else if (draw < 82) {
            reset(); // refused mostly: only of a group whose members are all taken for dead
        } else {
            trouble(draw, alive.get(random.nextInt(alive.size())));
        }
    }

    private void trouble(int draw, GroupProcess process) {
        long millis = random.nextInt(40_000);
        if (draw < 85) {
            tell(process.name + " dies");
            process.die();
            world.tally.count("crashes");
        } else if (draw < 88) {
            stop(process);
        } else if (draw < 91) {
            tell(process.name + " stands still for " + millis + " ms");
            process.suspend(millis);
            world.tally.count("suspensions");
        } else if (draw < 93 && process.topic.member() != null) {
            tell(process.name + " can't reach the group for " + millis + " ms");
            process.topic.member().cut(millis);
            world.tally.count("cut off");
        } else if (draw < 94) {
            tell(process.name + " can't reach the database for " + millis + " ms");
            process.partition(millis);
            world.tally.count("partitions");
        } else if (draw < 97) {
            change(process.name + " pauses", () -> process.mappings.pause("orders"));
        } else if (draw < 98 || !isAllShared()) {
            change(process.name + " resumes", () -> process.mappings.resume("orders"));
        } else {
            change(process.name + " replays", () -> process.mappings.replay("orders", new Replay.FromTrimHorizon()));
        }
    }

    /** A replay is for the processes of one database only: what it is for others is not said. */
    private boolean isAllShared() {
        return databases.stream().allMatch(GroupDatabase::isShared);
    }

    private void tell(String event) {
        world.story.tell(event);
    }

    private void change(String what, Supplier<CompletableFuture<Void>> call) {
        tell(what);
        try {
            call.get().thenRun(() -> tell("done: " + what));
        } catch (CheckpointStoreException | IllegalArgumentException | IllegalStateException refused) {
            tell("refused: " + refused.getMessage());
        }
    }

    private void weather() {
        world.badInvocations = random.nextInt(3) == 0 ? random.nextInt(60) : 0;
        world.slowInvocations = random.nextInt(3) == 0 ? random.nextInt(60) : 0;
        world.badCommits = random.nextInt(4) == 0 ? random.nextInt(80) : 0;
        FakeGroup.Weather weather = new FakeGroup.Weather(
                random.nextInt(3) == 0 ? random.nextInt(101) : 0,
                random.nextInt(3) == 0 ? random.nextInt(101) : 0,
                random.nextInt(3) == 0 ? 1 + random.nextInt(5_000) : 0,
                random.nextInt(3) == 0 ? 1 + random.nextInt(3_000) : 0);
        world.group.weather(weather);
        tell(weather + ", bad invocations " + world.badInvocations + ", slow ones " + world.slowInvocations
                + ", bad commits " + world.badCommits);
    }

    private void changeTopic() {
        if (random.nextInt(4) == 0) {
            truncate();
            return;
        }
        if (random.nextInt(3) > 0 && world.topic.shardIds().size() < 6) {
            tell("another partition");
            world.topic.addPartition();
            world.tally.count("partitions added");
        } else {
            tell("the topic is made anew");
            world.topic.delete();
            world.topic.createAgain(1 + random.nextInt(4));
            world.group.topicDeleted();
            world.ledger.madeAnew();
            world.tally.count("topics made anew");
        }
        world.group.topicChanged();
    }

    /** An unclean election: others may come at the offsets of the lost records. */
    private void truncate() {
        String shard =
                world.topic.shardIds().get(random.nextInt(world.topic.shardIds().size()));
        int end = world.topic.truncate(shard, 1 + random.nextInt(10));
        tell(shard + " loses its records from " + end + " on");
        world.ledger.truncated(shard, end);
        world.tally.count("truncations");
    }

    /** Now and then all are gone, and the group is empty at last. */
    private void whileNobodyRuns() {
        steps.pass(random.nextInt(2 * (int) FakeGroup.SESSION_MILLIS));
        if (random.nextInt(2) == 0) {
            reset();
        }
    }

    private void reset() {
        if (!world.group.isEmpty()) {
            return;
        }
        for (String shard : world.topic.shardIds()) {
            long offset = random.nextInt(world.topic.records(shard).size() + 1);
            if (random.nextInt(3) > 0 && world.group.reset(shard, offset)) {
                tell("an operator resets " + shard + " to " + offset);
                world.ledger.reset(shard, offset);
                world.tally.count("resets");
            }
        }
    }

    /** A database of its own has one process at a time. */
    private void startProcess() {
        List<GroupDatabase> free = databases.stream()
                .filter(database ->
                        database.isShared() || alive.stream().noneMatch(process -> process.store.equals(database)))
                .toList();
        if (free.isEmpty() || alive.size() >= 4) {
            return;
        }
        GroupDatabase database = free.get(random.nextInt(free.size()));
        GroupProcess process = new GroupProcess("process-" + ++processes, database, world);
        tell(process.name + " starts on " + database);
        alive.add(process);
        world.ledger.started(process);
        process.mappings.start(mapping, StartOptions.FROM_CHECKPOINTS);
        world.tally.count("processes");
    }

    private void stop(GroupProcess process) {
        tell(process.name + " stops");
        process.mappings.close().thenRun(() -> {
            tell(process.name + " has stopped");
            process.die();
            world.tally.count("clean stops");
        });
    }

    private void heal() {
        tell("all heals");
        world.isTroubled = false;
        world.badInvocations = 0;
        world.slowInvocations = 0;
        world.badCommits = 0;
        world.group.weather(FakeGroup.Weather.FAIR);
        alive.forEach(GroupProcess::heal);
        readAgainWhereRecordsWereLost();
        steps.pass(1_000);
        alive.removeIf(process -> !process.isAlive());
        startProcess();
        databases.stream()
                .filter(database -> alive.stream().anyMatch(process -> process.store.equals(database)))
                .forEach(this::resume);
        become(() -> world.ledger.ownersProblem(world.topic.shardIds()));
        for (int count = 5; count > 0; count--) {
            world.put();
        }
        become(world.ledger::lostProblem);
        become(() -> world.ledger.ownersProblem(world.topic.shardIds()));
    }

    /** An operator stops all, and lets truncated shards begin anew. */
    private void readAgainWhereRecordsWereLost() {
        List<String> truncated = world.ledger.truncated();
        if (truncated.isEmpty()) {
            return;
        }
        alive.forEach(GroupProcess::die);
        steps.pass(3 * FakeGroup.SESSION_MILLIS);
        for (String shard : truncated) {
            tell("an operator resets " + shard + " to its begin");
            if (!world.group.reset(shard, 0)) {
                throw new Violation("the group has members still");
            }
            world.ledger.reset(shard, 0);
        }
    }

    /** Lets time pass until nothing is wrong, at most so long as healing may take. */
    private void become(Supplier<@Nullable String> problem) {
        long until = world.time.millis() + HEALING.toMillis();
        while (problem.get() != null && world.time.millis() < until) {
            steps.pass(1_000);
        }
        String lasting = problem.get();
        if (lasting != null) {
            world.verdict.wrong(lasting);
        }
    }

    private void resume(GroupDatabase database) {
        alive.stream()
                .filter(process -> process.store.equals(database))
                .forEach(process -> change(process.name + " resumes", () -> process.mappings.resume("orders")));
    }
}
