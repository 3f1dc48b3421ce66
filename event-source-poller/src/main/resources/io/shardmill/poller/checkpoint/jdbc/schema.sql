--liquibase formatted sql
--changeset shardmill:tables runOnChange:true

-- Shardmill's tables, the same for H2 and PostgreSQL. Running it again changes nothing. Liquibase runs this file, and Flyway the
-- build's copy of it, io/shardmill/flyway/R__shardmill_tables.sql; both run it again when it has changed. So what a later version
-- adds to a table is added by an "alter table ... add column if not exists" below, too.

create table if not exists shardmill_checkpoint (
    namespace      varchar(255) not null,
    mapping        varchar(64)  not null,
    stream         varchar(512) not null,
    incarnation    varchar(255) not null,
    shard          varchar(255) not null,
    owner          varchar(255),            -- who reads the shard; null: nobody since the rows were set
    epoch          bigint       not null,   -- grows with each takeover; a write counts only under its owner and epoch
    state          varchar(16)  not null,   -- READING, ENDED, SKIPPED
    start_position varchar(255) not null,   -- where the shard is begun while there is no watermark
    watermark      varchar(80),             -- everything up to this sequence number is finished
    ahead          varchar      not null,   -- finished above the watermark: lane/factor=number ...
    heads          varchar      not null,   -- failed heads of lanes: lane/factor*attempts=end,end ...
    open_window    varchar(100),            -- the open tumbling window: start/end phase
    window_state   text,                    -- the open window's state, JSON; about 1 MB at most
    parents        varchar      not null,   -- shard ids
    checksum       bigint       not null,   -- of the key and owner, epoch, state, watermark, ahead, heads, open_window
    start_checksum bigint       not null,   -- of the key and start_position, parents
    window_checksum bigint      not null,   -- of the key and window_state
    updated_at     timestamp with time zone not null,
    primary key (namespace, mapping, stream, incarnation, shard)
);

-- What transactions of functions have committed: a lane of a shard is finished up to a sequence number, whatever its shard's row says.
create table if not exists shardmill_lane (
    namespace      varchar(255) not null,
    mapping        varchar(64)  not null,
    stream         varchar(512) not null,
    incarnation    varchar(255) not null,
    shard          varchar(255) not null,
    lane           varchar(16)  not null,   -- lane/factor
    through        varchar(80)  not null,
    checksum       bigint       not null,   -- of all of these
    primary key (namespace, mapping, stream, incarnation, shard, lane)
);

create table if not exists shardmill_mapping (
    namespace      varchar(255) not null,
    mapping        varchar(64)  not null,
    version        bigint       not null,   -- grows with each write; a write counts only on the version it was made on
    definition     varchar,                 -- settings as JSON; null: the application configures the mapping
    enabled        boolean      not null,
    deleted        boolean      not null,   -- the mapping is to stop, and to be removed with its checkpoints
    replay         bigint,                  -- the id of the last replay: the version at which it was accepted
    replay_from    varchar(255),            -- TRIM_HORIZON, a time, or a sequence number
    replay_applied boolean      not null,   -- the last replay has replaced the checkpoints
    last_modified  timestamp with time zone not null,
    checksum       bigint       not null,   -- of all of these
    primary key (namespace, mapping)
);

-- One row: which store this is, and how new.
create table if not exists shardmill_store (
    name       varchar(16)  not null primary key, -- 'checkpoints'
    id         varchar(36)  not null,             -- random, given once
    generation bigint       not null,             -- grows with each opening and clean stop
    digest     varchar(80),                       -- of all rows after a clean stop; null while the store is open
    checksum   bigint       not null              -- of id, generation, digest
);

-- The processes that share shards: a row for each that lives. Who is not here is dead.
create table if not exists shardmill_member (
    namespace    varchar(255) not null,
    member       varchar(255) not null,   -- the owner of shards
    version      bigint       not null,   -- grows with each heartbeat
    time_to_live bigint       not null,   -- milliseconds without a heartbeat after which the process is dead
    draining     boolean      not null,   -- it is to have no shards: somebody drains it
    seen_at      timestamp with time zone not null, -- the last heartbeat, for people: no clock is compared with another
    primary key (namespace, member)
);

-- What a member is able to consume.
create table if not exists shardmill_member_mapping (
    namespace    varchar(255) not null,
    member       varchar(255) not null,
    mapping      varchar(64)  not null,
    stream       varchar(512) not null,
    incarnation  varchar(255) not null,
    primary key (namespace, member, mapping, stream, incarnation)
);
