package dev.remix.agent.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.agent.lease.Orders.Order;
import dev.remix.engine.train.RunControl.Signal;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private final Orders orders = new Orders();

    @Test
    void strongerOrderReplacesAWeakerOneAndNeverTheOtherWayRound() {
        orders.give(Order.STOP);
        orders.give(Order.CANCEL);
        orders.give(Order.INTERRUPT);

        assertThat(orders.current()).isEqualTo(Order.CANCEL);
        assertThat(orders.signal()).isEqualTo(Signal.STOP);
    }

    @Test
    void lostAttemptWritesNothingWhateverElseWasOrdered() {
        orders.give(Order.CANCEL);
        orders.give(Order.ABANDON);
        orders.give(Order.STOP);

        assertThat(orders.signal()).isEqualTo(Signal.ABANDON);
    }

    @Test
    void runGoesOnUnlessToldOtherwise() {
        assertThat(orders.signal()).isEqualTo(Signal.CONTINUE);
    }
}
