package io.shardmill.kinesis;

/** Records that are not aggregated come as they do from a source that unpacks none. */
class UnpackedSourceTest extends PolledSourceTest {

    @Override
    KinesisStream stream(KinesisLocation location) {
        return super.stream(location).with(Deaggregation.ALWAYS);
    }
}
