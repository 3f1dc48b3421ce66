package io.shardmill.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.SequenceNumber;
import io.shardmill.poller.stream.GroupPosition;
import io.shardmill.poller.stream.GroupPosition.Origin;
import io.shardmill.poller.stream.Position;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class OffsetMarkTest {

    private static final String AHEAD = "0/4=120 2/4=113";

    private static final LogPosition READ = new LogPosition(130, 7);

    private final OffsetMark mark = new OffsetMark("store", "topic");

    private static GroupPosition at(long offset, String ahead) {
        return new GroupPosition(Origin.ELSEWHERE, Position.at(SequenceNumber.of(offset)), ahead);
    }

    @Test
    void a_group_without_an_offset_says_nothing() {
        assertThat(mark.position(null)).isNull();
    }

    @Test
    void an_offset_of_the_same_rows_wins_only_where_these_have_never_begun() {
        GroupPosition own = mark.position(mark.on(100, READ, AHEAD));
        assertThat(own).isEqualTo(new GroupPosition(Origin.SAME_ROWS, Position.at(SequenceNumber.of(100)), AHEAD));
        assertThat(own.winsOver(0)).isTrue();
        assertThat(own.winsOver(1)).isFalse();
        assertThat(at(100, AHEAD).winsOver(1)).isTrue();
    }

    @Test
    void an_offset_of_another_store_counts_with_what_it_says_of_later_records() {
        assertThat(mark.position(new OffsetMark("other", "topic").on(100, READ, AHEAD)))
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
        assertThat(mark.position(new OffsetMark("other", "topic of before").on(100, READ, AHEAD)))
                .isNull();
    }

    @Test
    void a_broker_takes_the_metadata_however_much_is_finished() {
        OffsetAndMetadata committed = new OffsetMark("other", "topic").on(100, READ, AHEAD.repeat(1_000));
        assertThat(committed.metadata()).hasSizeLessThan(4_096);
        assertThat(mark.position(committed)).isEqualTo(at(100, ""));
    }

    @Test
    void an_offset_says_how_far_the_log_was_read_whosever_rows_count() {
        assertThat(mark.read(mark.on(100, READ, AHEAD))).isEqualTo(READ);
        assertThat(mark.read(new OffsetMark("other", "topic").on(100, READ, "")))
                .isEqualTo(READ);
    }

    @Test
    void it_does_not_if_that_was_not_known() {
        assertThat(mark.read(mark.on(100, null, AHEAD))).isNull();
        assertThat(mark.read(null)).isNull();
        assertThat(mark.read(new OffsetAndMetadata(100, Optional.of(7), "by hand")))
                .isNull();
        assertThat(mark.read(new OffsetAndMetadata(100, "shardmill:1:store:topic:130@seven:")))
                .isNull();
        assertThat(mark.read(new OffsetAndMetadata(100, "shardmill:1:store"))).isNull();
    }

    @Test
    void a_topic_that_was_made_anew_has_another_log() {
        assertThat(mark.read(new OffsetMark("store", "topic of before").on(100, READ, "")))
                .isNull();
    }

    @Test
    void the_epoch_is_not_committed_as_such() {
        assertThat(mark.on(100, READ, "").leaderEpoch()).isEmpty();
    }
}
