@NullMarked
package io.volant.adapter.leveldb;

import org.jspecify.annotations.NullMarked;
