create table if not exists airport_delay (
    airport     varchar(8) primary key,
    flights     integer not null,
    total_delay bigint not null,
    worst_delay integer not null,
    last_line   integer not null
);

create table if not exists loaded_lines (
    stream varchar(80) primary key,
    lines  integer not null
);
