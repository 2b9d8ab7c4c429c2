package io.volant.vm;

/**
 * All that is needed to find a running hypervisor again, also from another daemon process.
 *
 * @param driver which driver started it
 * @param pid process id
 * @param startTicks the process's start time (field 22 of /proc/PID/stat): pid and start time
 *     together are unique until the host reboots
 * @param bootId the host's boot (/proc/sys/kernel/random/boot_id) in which they mean something
 * @param runDirectory absolute path of the VM's run directory
 * @param controlSocket absolute path of the hypervisor's control socket (QMP, REST)
 * @param consoleLog absolute path of the file that the serial console goes to
 * @param link where the guest agent is reached
 */
public record VmHandle(
    String driver,
    long pid,
    long startTicks,
    String bootId,
    String runDirectory,
    String controlSocket,
    String consoleLog,
    LinkAddress link) {}
