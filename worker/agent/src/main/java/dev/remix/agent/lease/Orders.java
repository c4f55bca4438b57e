package dev.remix.agent.lease;

import dev.remix.engine.train.RunControl;

/** What the run has been told to do, by heartbeat answers, by the machine, or by a failure beside the run; it asks between steps. */
public final class Orders implements RunControl {

    /** From weak to strong: an order gives way only to a stronger one. */
    public enum Order {
        GO_ON,
        /** Something beside the run failed; its result could not be delivered. */
        GIVE_UP,
        /** The machine takes the process away. */
        INTERRUPT,
        STOP,
        CANCEL,
        ABANDON
    }

    private volatile Order current = Order.GO_ON;

    public synchronized void give(Order order) {
        if (order.compareTo(current) > 0) current = order;
    }

    public Order current() {
        return current;
    }

    @Override
    public Signal signal() {
        return switch (current) {
            case GO_ON -> Signal.CONTINUE;
            case INTERRUPT, STOP, CANCEL -> Signal.STOP;
            case GIVE_UP, ABANDON -> Signal.ABANDON;
        };
    }
}
