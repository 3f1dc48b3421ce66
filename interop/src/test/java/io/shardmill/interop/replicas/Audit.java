package io.shardmill.interop.replicas;

import static java.util.stream.Collectors.toMap;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the replicas have written for a mapping, as the database has it: each mapping has a schema of its own. */
final class Audit {

    /**
     * What was wrong.
     *
     * @param outOfOrder records of a key that were delivered for the first time before the one put before them was
     * @param duplicates deliveries of a record beyond its first
     * @param late deliveries under an epoch of the shard that was over
     * @param overlaps epochs of a shard under which two replicas delivered
     */
    record Findings(long outOfOrder, long duplicates, long late, long overlaps) {

        Findings since(Findings before) {
            return new Findings(
                    outOfOrder - before.outOfOrder,
                    duplicates - before.duplicates,
                    late - before.late,
                    overlaps - before.overlaps);
        }
    }

    private static final String REPEATED = """
             from delivery d where replica = ? and exists (
                select 1 from delivery o
                where o.shard = d.shard and o.seq = d.seq and o.replica <> d.replica and o.id > d.id)""";

    private final Supplier<DataSource> database;
    private final String mapping;

    /** Makes the table. */
    Audit(Database database, String mapping) {
        this.database = () -> database.dataSource(mapping);
        this.mapping = mapping;
        jdbc().execute("create schema " + mapping);
        jdbc().execute("""
                        create table delivery (
                            id bigserial primary key,
                            shard varchar not null,
                            seq varchar not null,
                            key varchar not null,
                            ordinal bigint not null,
                            replica varchar not null,
                            fencing_token bigint not null,
                            request varchar not null,
                            at timestamp with time zone not null default clock_timestamp())""");
        jdbc().execute("create index on delivery (key, ordinal)");
    }

    private JdbcTemplate jdbc() {
        return new JdbcTemplate(database.get());
    }

    private long count(String query, Object... parameters) {
        Long count = jdbc().queryForObject(query, Long.class, parameters);
        return count == null ? 0 : count;
    }

    /** Returns how many records of all keys up to an ordinal were never delivered. */
    long missing(long upTo) {
        return upTo * Producer.KEYS
                - count("select count(distinct (key, ordinal)) from delivery where ordinal <= ?", upTo);
    }

    long deliveries() {
        return count("select count(*) from delivery");
    }

    Findings findings() {
        return new Findings(
                count("""
                        select count(*) from (
                            select id, lag(id) over (partition by key order by ordinal) as previous from (
                                select key, ordinal, min(id) as id from delivery group by key, ordinal) as first) as f
                        where id < previous"""),
                count("select count(*) - count(distinct (shard, seq)) from delivery"),
                count("""
                        select count(*) from (
                            select fencing_token, max(fencing_token) over (partition by shard order by id) as newest
                            from delivery) as d
                        where fencing_token < newest"""),
                count("""
                        select count(*) from (
                            select shard from delivery group by shard, fencing_token
                            having count(distinct replica) > 1) as s"""));
    }

    /** Returns how many records a replica has delivered after a delivery. */
    long deliveries(String replica, long after) {
        return count("select count(*) from delivery where replica = ? and id > ?", replica, after);
    }

    /** Returns how many of a replica's invocations had records that others were given again. */
    long repeatedInvocations(String replica) {
        return count("select count(distinct request)" + REPEATED, replica);
    }

    /** Returns how many of a replica's records others were given again. */
    long repeatedRecords(String replica) {
        return count("select count(*)" + REPEATED, replica);
    }

    /** Returns whether a transaction keeps others from taking the shard. */
    boolean isLocked(String shard) {
        return jdbc().queryForList(
                        "select shard from shardmill_checkpoint where mapping = ? and shard = ? for update skip locked",
                        String.class,
                        mapping,
                        shard)
                .isEmpty();
    }

    /** Returns the shards that these replicas were the last to deliver. */
    List<String> shardsOf(List<String> replicas) {
        return jdbc().queryForList("""
                        select shard from (
                            select distinct on (shard) shard, replica from delivery order by shard, id desc) as last
                        where replica = any (string_to_array(?, ','))""", String.class, String.join(",", replicas));
    }

    /** Returns how many shards each replica was the last to deliver. */
    Map<String, Long> deliverers() {
        return jdbc().queryForList("""
                        select replica, count(*) as shards from (
                            select distinct on (shard) shard, replica from delivery order by shard, id desc) as last
                        group by replica""").stream()
                .collect(toMap(row -> (String) row.get("replica"), row -> (Long) row.get("shards")));
    }

    /** Returns the records that were delivered whose sequence number is at least that of their shard, each as shard and number. */
    List<String> deliveredFrom(Map<String, Long> numbers) {
        return numbers.entrySet().stream()
                .flatMap(from -> jdbc()
                        .queryForList(
                                "select distinct shard || ' ' || seq from delivery where shard = ? and seq::bigint >= ?",
                                String.class,
                                from.getKey(),
                                from.getValue())
                        .stream())
                .toList();
    }

    /** Returns the records of before a delivery that were delivered after it, each time as shard and sequence number. */
    List<String> repeatsAfter(long last) {
        return jdbc().queryForList("""
                        select shard || ' ' || seq from delivery d where id > ? and exists (
                            select 1 from delivery o where o.shard = d.shard and o.seq = d.seq and o.id <= ?)""", String.class, last, last);
    }

    long lastDelivery() {
        return count("select coalesce(max(id), 0) from delivery");
    }

    /** Returns when others than these replicas first delivered each shard after a delivery, in milliseconds since the epoch. */
    Map<String, Long> firstOfOthers(List<String> replicas, long after) {
        return jdbc().queryForList("""
                        select shard, (extract(epoch from min(at)) * 1000)::bigint as at from delivery
                        where replica <> all (string_to_array(?, ',')) and id > ? group by shard""", String.join(",", replicas), after).stream()
                .collect(toMap(row -> (String) row.get("shard"), row -> (Long) row.get("at")));
    }

    List<String> members() {
        return jdbc().queryForList("select member from shardmill_member", String.class);
    }

    boolean hasSilentMembersOnly() {
        return count("""
                        select count(*) from shardmill_member
                        where seen_at > clock_timestamp() - 1.5 * time_to_live * interval '1 ms'""") == 0;
    }

    /** Returns how many shards each member owns, sorted; shards of owners that are no members count as one of -1. */
    List<Long> shares() {
        return jdbc().queryForList("""
                        select case when m.member is null then -1 else count(c.shard) end as shards
                        from shardmill_member m
                        full join (select * from shardmill_checkpoint where state = 'READING' and mapping = ?) c on c.owner = m.member
                        group by m.member, case when m.member is null then c.owner end
                        order by shards""", Long.class, mapping);
    }
}
