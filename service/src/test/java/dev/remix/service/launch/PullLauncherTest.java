package dev.remix.service.launch;

class PullLauncherTest implements LauncherContract {
    private final Launcher launcher = new PullLauncher();

    @Override
    public Launcher launcher() {
        return launcher;
    }

    @Override
    public int slots() {
        return 0;
    }

    @Override
    public int running() {
        return 0;
    }
}
