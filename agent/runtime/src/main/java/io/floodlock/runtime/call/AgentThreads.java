package io.floodlock.runtime.call;

/** Threads of the agent: daemons, so that they never keep an application alive, under the agent's own context loader. */
final class AgentThreads {

    private AgentThreads() {}

    static void start(String name, Runnable work) {
        Thread thread = unstarted(name, work);
        thread.setDaemon(true);
        thread.start();
    }

    static Thread unstarted(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setContextClassLoader(AgentThreads.class.getClassLoader());
        return thread;
    }
}
