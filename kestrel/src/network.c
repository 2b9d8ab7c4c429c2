/* The guest's network during the boot: link, address and default route by rtnetlink. */
#include "network.h"

#include "clock.h"
#include "netlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAC_TEXT_BYTES 18
#define LOOPBACK_INDEX 1 /* the kernel makes it first, and keeps that number for it */

/* What to look for among the links, and what was found. */
struct search {
    const char *mac; /* NULL: the first that is not the loopback */
    int index;
};

static void write_mac(const uint8_t address[6], char mac[MAC_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 6; i++) {
        mac[i * 3] = digits[address[i] >> 4];
        mac[i * 3 + 1] = digits[address[i] & 15];
        mac[i * 3 + 2] = i < 5 ? ':' : '\0';
    }
}

/* The hardware address of a link as text; empty where it has none of six bytes. */
static void read_mac(const struct nlmsghdr *message, char mac[MAC_TEXT_BYTES])
{
    struct rtattr *attribute = IFLA_RTA(NLMSG_DATA(message));
    size_t left = message->nlmsg_len - NLMSG_LENGTH(sizeof(struct ifinfomsg));
    mac[0] = '\0';
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        if (attribute->rta_type == IFLA_ADDRESS && RTA_PAYLOAD(attribute) == 6)
            write_mac(RTA_DATA(attribute), mac);
}

static int on_link(const struct nlmsghdr *message, void *context)
{
    struct search *search = context;
    struct ifinfomsg info;
    char mac[MAC_TEXT_BYTES];
    if (search->index != 0 || message->nlmsg_type != RTM_NEWLINK || message->nlmsg_len < NLMSG_LENGTH(sizeof info))
        return 0;
    memcpy(&info, NLMSG_DATA(message), sizeof info);
    read_mac(message, mac);
    if ((info.ifi_flags & IFF_LOOPBACK) != 0)
        return 0;
    if (search->mac == NULL || strcmp(search->mac, mac) == 0)
        search->index = info.ifi_index;
    return 0;
}

/* 0 or -errno; search->index stays 0 where there is no such link (yet). */
static int look(int fd, struct search *search)
{
    struct netlink_request request;
    struct ifinfomsg *info = netlink_begin(&request, RTM_GETLINK, 0, sizeof *info);
    info->ifi_family = AF_UNSPEC;
    return netlink_dump(fd, &request, on_link, search);
}

/* Looks again at every change of the links until there is one that fits, or the limit is reached. */
static int wait_for_link(int fd, struct search *search)
{
    char ignored[8192];
    int changes = -1;
    uint64_t end_ms = clock_uptime_ms() + NETWORK_NIC_LIMIT_MS;
    int result = netlink_open(NETLINK_ROUTE, RTMGRP_LINK, &changes);
    if (result < 0)
        return result;
    result = look(fd, search);
    while (result == 0 && search->index == 0) {
        uint64_t now_ms = clock_uptime_ms();
        struct pollfd polled = {.fd = changes, .events = POLLIN};
        if (now_ms >= end_ms || poll(&polled, 1, (int) (end_ms - now_ms)) <= 0) {
            result = -ENODEV;
            break;
        }
        (void) !recv(changes, ignored, sizeof ignored, 0); /* what has changed does not matter: everything is looked at */
        result = look(fd, search);
    }
    (void) close(changes);
    return result;
}

static int bring_up(int fd, int index)
{
    struct netlink_request request;
    struct ifinfomsg *info = netlink_begin(&request, RTM_NEWLINK, 0, sizeof *info);
    info->ifi_family = AF_UNSPEC;
    info->ifi_index = index;
    info->ifi_flags = IFF_UP;
    info->ifi_change = IFF_UP;
    return netlink_call(fd, &request);
}

static void broadcast_address(const struct boot_document *document, uint8_t ret_address[4])
{
    uint32_t host_mask = 0xFFFFFFFFU >> document->prefix_bits; /* prefix_bits is 1 to 30 here */
    for (unsigned i = 0; i < 4; i++)
        ret_address[i] = (uint8_t) (document->address[i] | (host_mask >> (24 - 8 * i) & 0xFFU));
}

static int add_address(int fd, int index, const struct boot_document *document)
{
    struct netlink_request request;
    struct ifaddrmsg *info = netlink_begin(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, sizeof *info);
    info->ifa_family = AF_INET;
    info->ifa_prefixlen = document->prefix_bits;
    info->ifa_index = (uint32_t) index;
    netlink_attribute(&request, IFA_LOCAL, document->address, 4);
    netlink_attribute(&request, IFA_ADDRESS, document->address, 4);
    if (document->prefix_bits < 31) { /* a link of two has no broadcast address */
        uint8_t broadcast[4];
        broadcast_address(document, broadcast);
        netlink_attribute(&request, IFA_BROADCAST, broadcast, sizeof broadcast);
    }
    return netlink_call(fd, &request);
}

static int add_default_route(int fd, int index, const struct boot_document *document)
{
    struct netlink_request request;
    struct rtmsg *route = netlink_begin(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, sizeof *route);
    route->rtm_family = AF_INET;
    route->rtm_table = RT_TABLE_MAIN;
    route->rtm_protocol = RTPROT_BOOT;
    route->rtm_scope = RT_SCOPE_UNIVERSE;
    route->rtm_type = RTN_UNICAST;
    netlink_attribute(&request, RTA_GATEWAY, document->gateway, 4);
    netlink_attribute(&request, RTA_OIF, &index, sizeof index);
    return netlink_call(fd, &request);
}

int network_bring_up_loopback(void)
{
    int fd = -1;
    int result = netlink_open(NETLINK_ROUTE, 0, &fd);
    if (result < 0)
        return result;
    result = bring_up(fd, LOOPBACK_INDEX);
    (void) close(fd);
    return result;
}

int network_configure(const struct boot_document *document)
{
    struct search search = {.mac = document->mac};
    int fd = -1;
    if (!document->has_address)
        return 0;
    int result = netlink_open(NETLINK_ROUTE, 0, &fd);
    if (result < 0)
        return result;
    result = wait_for_link(fd, &search);
    if (result == 0)
        result = bring_up(fd, search.index);
    if (result == 0)
        result = add_address(fd, search.index, document);
    if (result == 0 && document->has_gateway)
        result = add_default_route(fd, search.index, document);
    (void) close(fd);
    return result;
}
