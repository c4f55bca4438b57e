package dev.remix.web.job;

import dev.remix.service.job.JobEvent;
import dev.remix.service.job.JobEvents;
import dev.remix.service.job.Jobs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Live streams of events, one virtual thread each; all of them end when the service stops. */
@Component
class EventStreams {
    private static final Logger log = LoggerFactory.getLogger(EventStreams.class);
    private static final int BATCH = 100;
    private static final long NO_TIMEOUT = 0;

    private final Jobs jobs;
    private final JobEvents events;
    private final EventBell bell;
    private final EventStreamSettings settings;
    private volatile boolean stopping;

    EventStreams(Jobs jobs, JobEvents events, EventBell bell, EventStreamSettings settings) {
        this.jobs = jobs;
        this.events = events;
        this.bell = bell;
        this.settings = settings;
    }

    SseEmitter open(String jobId, long after) {
        SseEmitter emitter = new SseEmitter(NO_TIMEOUT);
        Thread.ofVirtual().name("events-" + jobId).start(() -> {
            try {
                follow(jobId, after, emitter);
                emitter.complete();
            } catch (IOException e) {
                log.debug("Whoever followed {} has left", jobId);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                emitter.completeWithError(e);
            }
        });
        return emitter;
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping = true;
        bell.ring();
    }

    /** Returns after the last event of a job that has ended. The state is read first: its event came with it. */
    private void follow(String jobId, long after, SseEmitter emitter) throws IOException, InterruptedException {
        long sent = after;
        Duration silence = Duration.ZERO;
        while (!stopping) {
            long rung = bell.rung();
            boolean ended = jobs.get(jobId).state().isFinal();
            List<JobEvent> news = events.after(jobId, sent, BATCH);
            for (JobEvent event : news) {
                send(event, emitter);
                sent = event.number();
            }
            if (news.isEmpty() && ended) {
                return;
            }
            silence = news.isEmpty() ? silence.plus(bell.await(rung, settings.look())) : Duration.ZERO;
            if (silence.compareTo(settings.keepAlive()) >= 0) {
                emitter.send(SseEmitter.event().comment("still here"));
                silence = Duration.ZERO;
            }
        }
    }

    private static void send(JobEvent event, SseEmitter emitter) throws IOException {
        emitter.send(SseEmitter.event().id(event.id()).data(FineTuningJobEvent.of(event), MediaType.APPLICATION_JSON));
    }
}
