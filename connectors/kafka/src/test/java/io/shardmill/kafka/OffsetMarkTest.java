package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.Position;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class OffsetMarkTest {

    private static final String AHEAD = "0/4=120 2/4=113";

    private static final LogPosition PLACE = new LogPosition(100, 7);

    private final OffsetMark mark = new OffsetMark("store", "topic");

    private static GroupPosition at(long offset, String ahead) {
        return new GroupPosition(Position.at(SequenceNumber.of(offset)), ahead);
    }

    @Test
    void rows_count_where_the_group_has_no_offset_or_their_own() {
        assertThat(mark.position(null)).isNull();
        assertThat(mark.position(mark.on(PLACE, AHEAD))).isNull();
    }

    @Test
    void an_offset_of_another_store_counts_with_what_it_says_of_later_records() {
        assertThat(mark.position(new OffsetMark("other", "topic").on(PLACE, AHEAD)))
                .isEqualTo(at(100, AHEAD));
    }

    @Test
    void an_offset_that_somebody_else_has_set_counts_whatever_its_metadata_is() {
        assertThat(mark.position(new OffsetAndMetadata(100))).isEqualTo(at(100, ""));
        assertThat(mark.position(new OffsetAndMetadata(100, "by hand: 0/4=120")))
                .isEqualTo(at(100, ""));
    }

    @Test
    void an_offset_of_a_topic_that_was_made_anew_does_not_count() {
        assertThat(mark.position(new OffsetMark("other", "topic of before").on(PLACE, AHEAD)))
                .isNull();
    }

    @Test
    void a_broker_takes_the_metadata_however_much_is_finished() {
        OffsetAndMetadata committed = new OffsetMark("other", "topic").on(PLACE, AHEAD.repeat(1_000));
        assertThat(committed.metadata()).hasSizeLessThan(4_096);
        assertThat(mark.position(committed)).isEqualTo(at(100, ""));
    }

    @Test
    void an_offset_says_where_it_is_in_the_log_whosever_rows_count() {
        assertThat(mark.place(mark.on(PLACE, AHEAD))).isEqualTo(PLACE);
        assertThat(mark.place(new OffsetMark("other", "topic").on(PLACE, ""))).isEqualTo(PLACE);
    }

    @Test
    void it_does_not_if_nothing_was_known_of_the_log() {
        assertThat(mark.place(mark.on(LogPosition.at(100), AHEAD))).isNull();
        assertThat(mark.place(null)).isNull();
        assertThat(mark.place(new OffsetAndMetadata(100, Optional.of(7), "by hand")))
                .isNull();
        assertThat(mark.place(new OffsetAndMetadata(100, "shardmill:1:store:topic:seven:")))
                .isNull();
        assertThat(mark.place(new OffsetAndMetadata(100, "shardmill:1:store"))).isNull();
    }

    @Test
    void a_topic_that_was_made_anew_has_another_log() {
        assertThat(mark.place(new OffsetMark("store", "topic of before").on(PLACE, "")))
                .isNull();
    }

    @Test
    void the_epoch_is_not_committed_as_such() {
        assertThat(mark.on(PLACE, "").leaderEpoch()).isEmpty();
    }
}
