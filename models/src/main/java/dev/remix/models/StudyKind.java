package dev.remix.models;

/** What is compared under one budget. */
enum StudyKind {
    /** The job as it stands. */
    REMIX,
    /** The same with a router that stays as it was initialised: what the routing's training is worth. */
    UNTRAINED_ROUTER,
    /** One LoRA of rank K·R: as many parameters as the mixture activates. */
    LORA
}
