package io.volant.vm;

/** All that a VM's actor can receive: what others say, and what its own effects answer. */
sealed interface VmMessage permits VmCommand, VmResult {}
