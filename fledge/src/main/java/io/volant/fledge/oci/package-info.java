/**
 * Container images: where they are, how they are fetched and checked, and how their layers become
 * one tree. What comes from an image is hostile: bounded, checked, and never written anywhere but
 * into the cache under the name of its digest.
 */
@NullMarked
package io.volant.fledge.oci;

import org.jspecify.annotations.NullMarked;
