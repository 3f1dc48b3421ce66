create table if not exists airport_delay (
    airport     varchar(8) primary key,
    flights     integer not null,
    total_delay bigint not null,
    worst_delay integer not null,
    last_number varchar(80) not null
);
