package dev.remix.engine.device;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Numbers that steer a script. They stay in the host's memory whatever the device, because reading one on a GPU would wait for
 * everything before it.
 */
public final class HostArrays {
    private HostArrays() {}

    /** Lives as long as {@code scope}. */
    public static NDArray of(NDManager scope, double... values) {
        return host(scope).create(values);
    }

    public static NDArray of(NDManager scope, long... values) {
        return host(scope).create(values);
    }

    private static NDManager host(NDManager scope) {
        return scope.getDevice().isGpu() ? scope.newSubManager(Device.cpu()) : scope;
    }
}
