package io.shardmill.poller.internal.filter;

import io.shardmill.function.Record;

/** What patterns see of a record's payload. Any thread may ask. */
interface PayloadViews {

    /**
     * Returns the views, to which those of the other fields are to be added.
     *
     * @throws UnfilterableRecordException if its JSON is beyond the bounds of the parser or of {@link Views}
     */
    Views of(Record record);
}
