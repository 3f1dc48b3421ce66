package io.shardmill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyOrderTest {

    private final KeyOrder order = new KeyOrder(2);

    private void handle(int key, int number) {
        order.begin(key, number);
        order.end(key);
    }

    @Test
    void growing_numbers_of_a_key_are_in_order_whatever_other_keys_do() {
        handle(0, 0);
        handle(1, 7);
        handle(0, 2);
        handle(1, 9);
        assertThat(order.violations()).isZero();
    }

    @Test
    void a_record_after_a_later_one_of_its_key_is_out_of_order() {
        handle(0, 2);
        handle(0, 1);
        assertThat(order.violations()).isEqualTo(1);
    }

    @Test
    void a_record_that_comes_again_is_out_of_order() {
        handle(0, 0);
        handle(0, 0);
        assertThat(order.violations()).isEqualTo(1);
    }

    @Test
    void two_records_of_a_key_must_not_be_in_work_at_once() {
        order.begin(0, 1);
        order.begin(0, 2);
        assertThat(order.violations()).isEqualTo(1);
    }

    @Test
    void records_of_different_keys_may_be_in_work_at_once() {
        order.begin(0, 1);
        order.begin(1, 2);
        assertThat(order.violations()).isZero();
    }
}
