create table if not exists balance (
    account       varchar(64)  primary key,
    cents         bigint       not null,
    movements     bigint       not null,  -- how many have been added up
    last_sequence varchar(128) not null   -- of the last one's record
);
