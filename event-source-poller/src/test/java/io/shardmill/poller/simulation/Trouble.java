package io.shardmill.poller.simulation;

import java.util.Random;

/** What goes wrong at present. */
final class Trouble {

    private final Random random;

    /** Of a hundred invocations, how many come to something else than the records deserve. */
    int badInvocations;

    /** Of a hundred invocations and sends, how many find no memory to build the event in. */
    int fullMemory;

    /** Of a hundred invocations, how many take their time. */
    int slowInvocations;

    /** Of a hundred calls of the database, how many fail before or after they have committed. */
    int badCommits;

    /** Of a hundred calls of the database, how many are the process's last. */
    int deadlyCommits;

    /** Of a hundred commits of functions, how many are made and not answered. */
    int lostAnswers;

    /** Of a hundred transactions, in how many the process stands still for a while. */
    int stopsInTransactions;

    /** Of a hundred documents, how many the destination refuses. */
    int refusedDocuments;

    /** Of a hundred reads, how many give their answer later, or none. */
    int hinderedReads;

    Trouble(Random random) {
        this.random = random;
    }

    boolean strikes(int percent) {
        return percent > 0 && random.nextInt(100) < percent;
    }

    /** Everything works again. */
    void heal() {
        badInvocations = 0;
        fullMemory = 0;
        slowInvocations = 0;
        badCommits = 0;
        deadlyCommits = 0;
        lostAnswers = 0;
        stopsInTransactions = 0;
        refusedDocuments = 0;
        hinderedReads = 0;
    }

    @Override
    public String toString() {
        return "bad invocations " + badInvocations + " %, without memory " + fullMemory + " %, slow ones "
                + slowInvocations + " %, bad commits "
                + badCommits + " %, deadly ones " + deadlyCommits + " %, lost answers " + lostAnswers
                + " %, stops in transactions " + stopsInTransactions
                + " %, refused documents " + refusedDocuments
                + " %, hindered reads " + hinderedReads + " %";
    }
}
