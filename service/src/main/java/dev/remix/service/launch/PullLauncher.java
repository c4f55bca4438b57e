package dev.remix.service.launch;

/** Starts nothing: workers on any machine poll and claim. */
final class PullLauncher implements Launcher {

    @Override
    public void start() {}

    @Override
    public void provide(int claimable) {}

    @Override
    public void stop() {}
}
