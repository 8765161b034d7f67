import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A folder on a disk of its own that can be filled. */
export interface SmallDisk {
  /** Takes every byte that is left, and again what is freed, until `makeRoom`. */
  fill(): void
  makeRoom(): void
  /** Takes the disk away with all that is on it. */
  dispose(): void
}

const chunk = Buffer.alloc(65_536, 1)
const refillEveryMs = 100

/** Writes until nothing more fits. */
const writeAll = (descriptor: number): void => {
  for (let size = chunk.length; size >= 1;) {
    try {
      if (writeSync(descriptor, chunk, 0, size) < size) size = Math.floor(size / 2)
    } catch {
      size = Math.floor(size / 2)
    }
  }
}

/** Mounts a small disk in memory at `folder`. Throws where mounting is not allowed: it needs root. */
export const mountSmallDisk = (folder: string, bytes: number): SmallDisk => {
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(bytes)},mode=0700`, 'tmpfs', folder], {
      stdio: 'pipe',
    })
  } catch {
    throw new Error(
      'cannot here: this experiment mounts a small disk, which needs root and the right to mount',
    )
  }
  const ballast = join(folder, 'ballast')
  let descriptor: number | undefined
  let refilling: NodeJS.Timeout | undefined
  const makeRoom = (): void => {
    clearInterval(refilling)
    if (descriptor !== undefined) closeSync(descriptor)
    descriptor = undefined
    rmSync(ballast, { force: true })
  }
  return {
    fill: () => {
      const opened = openSync(ballast, 'a')
      descriptor = opened
      writeAll(opened)
      refilling = setInterval(() => writeAll(opened), refillEveryMs)
    },
    makeRoom,
    dispose: () => {
      makeRoom()
      // Even while somebody holds a file on it.
      execFileSync('umount', ['-l', folder])
    },
  }
}
