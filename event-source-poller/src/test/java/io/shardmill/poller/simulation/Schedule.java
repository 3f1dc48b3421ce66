package io.shardmill.poller.simulation;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.control.Replay;
import io.shardmill.poller.control.StartOptions;
import io.shardmill.poller.mapping.EventSourceMapping;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One seed's story: random events and faults for a while, then everything heals and must come to its end. */
final class Schedule {

    private static final String DRAIN = " is to drain";
    private static final long NOTICED_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final long MAX_HEALING_MILLIS = Duration.ofMinutes(30).toMillis();

    private final SimulatedWorld world;
    private final Random random;
    private final Steps steps;
    private final List<SimulatedProcess> alive = new ArrayList<>();
    private final List<Promise> promises = new ArrayList<>();

    /** A request to a process that is not answered yet. */
    private record Promise(SimulatedProcess process, String what, CompletableFuture<Void> future) {

        /** That all is delivered: a paused or stopped mapping can't promise that. */
        boolean isDrain() {
            return what.endsWith(DRAIN);
        }
    }

    /** How many processes run at once at most. */
    private final int maximum;

    /** Whether the database goes back under running processes now and then. */
    private final boolean losesCommits;

    private int processes;

    /** Until then no change is requested: a process that has not noticed the loss of a change may take the next one for it. */
    private long changesFrom;

    private Schedule(long seed, Plant plant, Tally tally, ErrorLog errors, boolean detailed) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        this.maximum = random.nextInt(10) == 0 ? 8 : 3;
        this.losesCommits = random.nextInt(4) == 0;
        this.world = new SimulatedWorld(random, plant, tally, detailed);
        this.steps = new Steps(
                random,
                world.time,
                world.story,
                world.verdict,
                errors,
                () -> alive.removeIf(process -> !process.isAlive()));
    }

    /** Plays it; returns what went wrong and how it came to that, or null. */
    static @Nullable String play(long seed, Plant plant, Tally tally, ErrorLog errors, boolean detailed) {
        errors.take();
        Schedule schedule = new Schedule(seed, plant, tally, errors, detailed);
        return schedule.steps.play(schedule::play);
    }

    /** Plays it with all details, and tells them. */
    static String tell(long seed, ErrorLog errors) {
        Schedule schedule = new Schedule(seed, Plant.NONE, new Tally(), errors, true);
        schedule.play();
        return schedule.world.story.toString();
    }

    private void play() {
        for (int count = random.nextInt(10); count > 0; count--) {
            world.put();
        }
        world.time.advance(Duration.ofMillis(random.nextInt(3_000)));
        startProcess();
        for (int events = 20 + random.nextInt(100); events > 0; events--) {
            event();
            steps.some(random.nextInt(15));
        }
        heal();
    }

    private void tell(String event) {
        world.story.tell(event);
    }

    // Events.

    private void event() {
        if (alive.isEmpty()) {
            startProcess();
            return;
        }
        if (random.nextInt(20) == 0) {
            world.folder.copy();
        }
        world.folder.note();
        if (losesCommits && random.nextInt(20) == 0) {
            loseCommits();
        }
        int draw = random.nextInt(100);
        if (draw < 3) {
            world.deploy();
        } else if (draw < 38) {
            for (int count = 1 + random.nextInt(5); count > 0; count--) {
                world.put();
            }
        } else if (draw < 48) {
            pass();
        } else if (draw < 58) {
            weather();
        } else if (draw < 63) {
            streamTrouble();
        } else if (draw < 68) {
            world.split();
        } else if (draw < 71) {
            world.merge();
        } else if (draw < 72) {
            world.trim();
        } else if (draw < 74) {
            world.forget(alive);
        } else {
            command(draw, world.any(alive));
        }
    }

    private void command(int draw, SimulatedProcess process) {
        if (draw < 76) {
            crash(process);
        } else if (draw < 77) {
            trouble(process);
        } else if (draw < 79) {
            stop(process);
        } else if (draw < 82) {
            startProcess();
        } else if (draw < 97 && world.time.millis() < changesFrom) {
            pass();
        } else if (draw < 87) {
            update(process);
        } else if (draw < 90) {
            pause(process);
        } else if (draw < 94) {
            resume(process);
        } else if (draw < 97) {
            replay(process);
        } else {
            drained(process);
        }
    }

    private void pass() {
        long millis = random.nextInt(5) == 0 ? random.nextInt(40_000) : random.nextInt(2_000);
        tell("let " + millis + " ms pass");
        steps.pass(millis);
    }

    private void weather() {
        Trouble trouble = world.trouble;
        trouble.badInvocations = random.nextInt(3) == 0 ? random.nextInt(60) : 0;
        trouble.fullMemory = random.nextInt(4) == 0 ? random.nextInt(80) : 0;
        trouble.slowInvocations = random.nextInt(3) == 0 ? random.nextInt(50) : 0;
        trouble.badCommits = random.nextInt(4) == 0 ? random.nextInt(101) : 0;
        trouble.lostAnswers = random.nextInt(4) == 0 ? random.nextInt(50) : 0;
        trouble.stopsInTransactions = random.nextInt(3) == 0 ? random.nextInt(100) : 0;
        trouble.deadlyCommits = random.nextInt(12) == 0 ? random.nextInt(20) : 0;
        trouble.refusedDocuments = random.nextInt(3) == 0 ? random.nextInt(101) : 0;
        trouble.hinderedReads = random.nextInt(3) == 0 ? random.nextInt(70) : 0;
        tell("weather: " + trouble);
    }

    private void streamTrouble() {
        world.stream.outage(random.nextInt(3) == 0 ? "throttled" : null);
        world.stream.readLimit(random.nextBoolean() ? 1 + random.nextInt(4) : Integer.MAX_VALUE);
        tell("stream trouble");
    }

    private void startProcess() {
        if (alive.size() >= maximum) {
            return;
        }
        if (alive.isEmpty()) {
            replaceStore();
        }
        openStore();
        SimulatedProcess process = new SimulatedProcess(
                "process-" + ++processes,
                random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 100,
                world.drawSettings(),
                world);
        alive.add(process);
        Replay replay = random.nextInt(30) == 0 ? new Replay.FromTrimHorizon() : null;
        tell(process.name + " starts with " + process.settings + (replay == null ? "" : ", replays"));
        process.mappings.start(process.settings, StartOptions.replaying(replay));
        world.tally.count("processes");
    }

    /** While no process runs, the store may be lost, or replaced by an older copy. */
    private void replaceStore() {
        int draw = random.nextInt(12);
        if (draw == 0 && processes > 0) {
            tell("the store is lost");
            world.folder.lose();
            world.tally.count("lost stores");
        } else if (draw < 4 && world.folder.goBack(random::nextInt)) {
            tell("the store is an older copy");
            world.tally.count("older stores");
        }
    }

    /** A store that is refused is put back by the operator, or accepted. */
    private void openStore() {
        String refusal = world.folder.open(world.plant::lastSeen);
        if (refusal == null) {
            return;
        }
        tell("refused: " + refusal);
        if (random.nextBoolean() && world.folder.accept()) {
            tell("accepted");
            world.tally.count("accepted older stores");
        } else {
            world.folder.putBack();
            openStore();
        }
    }

    /** A failover to a replica that lacks some commits, or a restore under running processes. */
    private void loseCommits() {
        if (world.folder.loseCommits(random::nextInt)) {
            tell("the database is some commits older");
            world.oracle.wentBack(alive(), world.time.millis());
            changesFrom = world.time.millis() + NOTICED_MILLIS;
            world.tally.count("lost commits");
        }
    }

    private void crash(SimulatedProcess process) {
        tell(process.name + " dies");
        process.die();
        alive.remove(process);
        world.tally.count("crashes");
    }

    private void trouble(SimulatedProcess process) {
        long millis = random.nextInt(30_000);
        int draw = random.nextInt(3);
        if (draw == 0) {
            drain(process, millis);
        } else if (draw == 1) {
            tell(process.name + " stands still for " + millis + " ms");
            process.suspend(millis);
            world.tally.count("suspensions");
        } else {
            tell(process.name + " can't reach the database for " + millis + " ms");
            process.partition(millis);
            world.tally.count("partitions");
        }
    }

    /** Its handlers may be left running, as for any other hand-over. */
    private void drain(SimulatedProcess process, long millis) {
        tell(process.name + " is drained for " + millis + " ms");
        promise(process, process.name + " is drained", process.group().drain())
                .whenComplete((done, resumed) -> world.tally.count(resumed == null ? "drains" : "drains taken back"));
        process.after(millis, () -> process.group().resume());
    }

    private CompletableFuture<Void> stop(SimulatedProcess process) {
        process.isClosing = true;
        CompletableFuture<Void> stopped = promise(process, process.name + " stops", process.mappings.close());
        stopped.thenRun(() -> {
            world.oracle.stopped(process);
            world.folder.advance();
            process.die();
        });
        return stopped;
    }

    private void update(SimulatedProcess process) {
        EventSourceMapping settings = world.drawSettings();
        CompletableFuture<Void> updated = change(process, "updated to " + settings, AcceptedChanges.Wish.NONE, () -> {
            CompletableFuture<Void> update = process.mappings.update(settings);
            process.settings = settings;
            return update;
        });
        updated.thenRun(() -> stands(process, "update"));
    }

    private CompletableFuture<Void> pause(SimulatedProcess process) {
        CompletableFuture<Void> paused = change(
                process,
                "paused",
                new AcceptedChanges.Wish(false, null),
                () -> process.mappings.pause(Settings.MAPPING));
        paused.thenRun(() -> {
            if (world.ledger.currentPause() >= 0) { // it was not resumed before it was carried out
                stands(process, "pause");
            }
            process.pausedIn = world.ledger.currentPause();
        });
        return paused;
    }

    private CompletableFuture<Void> resume(SimulatedProcess process) {
        CompletableFuture<Void> resumed = change(
                process,
                "resumed",
                new AcceptedChanges.Wish(true, null),
                () -> process.mappings.resume(Settings.MAPPING));
        resumed.thenRun(() -> process.pausedIn = -1);
        return resumed;
    }

    private void replay(SimulatedProcess process) {
        Replay replay = drawReplay();
        CompletableFuture<Void> replayed = change(
                process,
                "replayed from " + replay,
                new AcceptedChanges.Wish(null, replay.asText()),
                () -> process.mappings.replay(Settings.MAPPING, replay));
        replayed.thenRun(() -> {
            if (alive.size() == 1) { // of two processes, one may still have in flight what the other has replayed
                stands(process, "replay");
            } else {
                world.tally.count("replay");
            }
        });
    }

    /** Asks for a change; between its reading and its writing another process may come. */
    private CompletableFuture<Void> change(
            SimulatedProcess process, String what, AcceptedChanges.Wish wish, Supplier<CompletableFuture<Void>> call) {
        tell(process.name + " is to be " + what);
        Runnable before = world.otherWriter;
        world.otherWriter = this::otherWriter;
        try {
            return promise(process, process.name + " is " + what, world.accepted.asked(wish, call));
        } catch (CheckpointStoreException | IllegalArgumentException | IllegalStateException refused) {
            tell("that is refused: " + refused.getMessage());
            world.tally.count("refused changes");
            return promise(process, what + " refused", CompletableFuture.failedFuture(refused));
        } finally {
            world.otherWriter = before;
        }
    }

    private void otherWriter() {
        if (alive.isEmpty() || random.nextInt(6) > 0) {
            return;
        }
        SimulatedProcess process = world.any(alive);
        int draw = random.nextInt(3);
        if (draw == 0) {
            replay(process);
        } else if (draw == 1) {
            pause(process);
        } else {
            resume(process);
        }
    }

    private Replay drawReplay() {
        int draw = random.nextInt(3);
        List<Record> records = world.stream.records(world.any(world.stream.shardIds()));
        if (draw == 0 && !records.isEmpty()) {
            return new Replay.FromSequenceNumber(world.any(records).sequenceNumber());
        }
        return draw == 1
                ? new Replay.FromTimestamp(Instant.ofEpochMilli(world.time.millis() - random.nextInt(20_000)))
                : new Replay.FromTrimHorizon();
    }

    private CompletableFuture<Void> drained(SimulatedProcess process) {
        List<Ledger.Owed> owed = world.ledger.owed();
        CompletableFuture<Void> drained =
                promise(process, process.name + DRAIN, process.mappings.drained(Settings.MAPPING));
        drained.thenRun(() -> {
            world.oracle.drained(process, owed);
            world.tally.count("drained");
        });
        return drained;
    }

    /** A change is made only when nothing of the consumers before it is in flight. */
    private void stands(SimulatedProcess process, String change) {
        if (process.inFlight > 0) {
            world.verdict.wrong(process.name + ": " + change + " is done with " + process.inFlight + " in flight");
        }
        world.tally.count(change);
    }

    private CompletableFuture<Void> promise(SimulatedProcess process, String what, CompletableFuture<Void> future) {
        tell(what);
        promises.add(new Promise(process, what, future));
        return future;
    }

    // The end.

    private void heal() {
        tell("all heals");
        alive.removeIf(process -> !process.isAlive()); // it may have died in the very last call
        world.trouble.heal();
        alive.forEach(SimulatedProcess::heal);
        world.curePoison();
        world.stream.outage(null);
        world.stream.readLimit(Integer.MAX_VALUE);
        alive().forEach(this::awaitChanges);
        awaitDeliveryByAll();
        SimulatedProcess process = survivor();
        if (world.ledger.currentPause() >= 0) {
            steps.until(changesFrom);
            await(resume(process));
        }
        awaitDelivery();
        await(drained(process));
        awaitDelivery(); // what was delivered again may have opened a window
        world.ledger.end();
        world.accepted.end();
        promises.stream().filter(promise -> promise.process() == process).forEach(this::await);
        await(stop(process));
    }

    /** Every requested change must be made in the end, or have failed. */
    private void awaitChanges(SimulatedProcess process) {
        promises.stream()
                .filter(promise -> promise.process() == process && !promise.isDrain())
                .forEach(this::await);
    }

    /** The one process there is, even if another has taken shards from it; else a new one. */
    private SimulatedProcess survivor() {
        if (alive.size() == 1 && !alive.get(0).isClosing) {
            world.tally.count("survivors");
            return alive.get(0);
        }
        alive().forEach(this::crash);
        startProcess();
        return alive.get(0);
    }

    /** Several processes finish without help, too: none keeps a shard from the other processes without consuming it. */
    private void awaitDeliveryByAll() {
        if (alive.size() > 1
                && world.ledger.currentPause() < 0
                && alive.stream().noneMatch(process -> process.isClosing)) {
            awaitDelivery();
            world.tally.count("fleets");
        }
    }

    /** There are no more requests: the engine has to finish by itself. */
    private void awaitDelivery() {
        long limit = world.time.millis() + MAX_HEALING_MILLIS;
        while (true) {
            if ((steps.count() % 20 == 0 && isAllDelivered()) || !steps.next(limit)) {
                break;
            }
        }
        if (hasOpenWindow()) {
            throw new Violation("all is healed, and still a window is never closed: " + world.ledger.openWindows());
        }
        if (!world.ledger.owed().isEmpty()) {
            throw new Violation("all is healed, and still this is never delivered: " + world.ledger.owed() + ", by "
                    + alive.stream().map(process -> process.mappings.list()).toList());
        }
    }

    private boolean isAllDelivered() {
        return world.ledger.owed().isEmpty() && !hasOpenWindow();
    }

    private boolean hasOpenWindow() {
        return !world.ledger.openWindows().isEmpty()
                || alive.stream()
                        .flatMap(process -> process.consumers.values().stream())
                        .anyMatch(consumer -> consumer.hasOpenWindow()
                                && consumer.counts()
                                && world.ledger.holds(consumer) // no replay has put an end to it
                                && !consumer.book.forgotten);
    }

    private void await(CompletableFuture<Void> future) {
        await(promises.stream()
                .filter(promise -> promise.future() == future)
                .findFirst()
                .orElseThrow());
        future.join();
    }

    private void await(Promise promise) {
        long limit = world.time.millis() + MAX_HEALING_MILLIS;
        while (!promise.future().isDone() && steps.next(limit)) {}
        if (!promise.future().isDone()) {
            throw new Violation("all is healed, and still this never ends: " + promise.what());
        }
    }

    private List<SimulatedProcess> alive() {
        return List.copyOf(alive);
    }
}
