package dev.remix.web.worker;

import dev.remix.protocol.Claim;
import dev.remix.service.queue.Claims;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Where workers ask for work. */
@Tag(name = "Workers")
@RestController
class ClaimController {
    private final Claims claims;

    ClaimController(Claims claims) {
        this.claims = claims;
    }

    /** 200 with a grant, or 204 when no queued job fits the worker. */
    @PostMapping("/worker/v1/claims")
    ResponseEntity<Claim.Grant> claim(@RequestBody Claim.Request worker) {
        return claims.claim(worker)
                .map(ResponseEntity::ok)
                .orElseGet(() -> ResponseEntity.noContent().build());
    }
}
