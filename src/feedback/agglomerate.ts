import { likeness } from './vectors.ts'

/** Items that stay together, as one. */
export interface Atom {
  readonly sum: Float32Array
  readonly count: number
  /** Atoms with different keepers never come together; undefined goes with anything. */
  readonly keeper?: string | undefined
}

const apart = -Infinity

/** Similarities of all groups that are left, and of each the best partner. */
class Table {
  readonly size: number
  readonly counts: Float64Array
  readonly keepers: (string | undefined)[]
  private readonly values: Float32Array
  private readonly best: Int32Array
  private readonly gone: Uint8Array

  constructor(atoms: readonly Atom[]) {
    this.size = atoms.length
    this.counts = Float64Array.from(atoms, ({ count }) => count)
    this.keepers = atoms.map(({ keeper }) => keeper)
    this.values = new Float32Array(this.size * this.size).fill(apart)
    this.best = new Int32Array(this.size).fill(-1)
    this.gone = new Uint8Array(this.size)
    for (const [row, one] of atoms.entries())
      for (const [column, other] of atoms.slice(0, row).entries())
        this.set(row, column, this.mayMeet(row, column) ? likeness(one, other) : apart)
    for (let row = 0; row < this.size; row++) this.findBest(row)
  }

  private mayMeet(one: number, other: number): boolean {
    const [keeper, second] = [this.keepers[one], this.keepers[other]]
    return keeper === undefined || second === undefined || keeper === second
  }

  private get(row: number, column: number): number {
    return this.values[row * this.size + column] ?? apart
  }

  private set(row: number, column: number, value: number): void {
    this.values[row * this.size + column] = value
    this.values[column * this.size + row] = value
  }

  private findBest(row: number): void {
    let found = -1
    let highest = apart
    for (let column = 0; column < this.size; column++) {
      if (column === row || this.gone[column] === 1) continue
      const value = this.get(row, column)
      if (value > highest) [found, highest] = [column, value]
    }
    this.best[row] = found
  }

  /** The two groups that are most alike; undefined: no two are at least so alike. */
  closest(least: number): readonly [number, number] | undefined {
    let found = -1
    let highest = apart
    for (let row = 0; row < this.size; row++) {
      if (this.gone[row] === 1 || (this.best[row] ?? -1) < 0) continue
      const value = this.get(row, this.best[row] ?? 0)
      if (value > highest) [found, highest] = [row, value]
    }
    return found < 0 || highest < least ? undefined : [found, this.best[found] ?? 0]
  }

  /** Takes `other` into `one`. */
  join(one: number, other: number): void {
    const [own, taken] = [this.counts[one] ?? 0, this.counts[other] ?? 0]
    this.gone[other] = 1
    this.counts[one] = own + taken
    this.keepers[one] ??= this.keepers[other]
    for (let row = 0; row < this.size; row++) {
      if (row === one || this.gone[row] === 1) continue
      const value = (own * this.get(row, one) + taken * this.get(row, other)) / (own + taken)
      this.set(row, one, this.mayMeet(row, one) ? value : apart)
    }
    this.findBest(one)
    for (let row = 0; row < this.size; row++) {
      if (row === one || this.gone[row] === 1) continue
      const best = this.best[row] ?? -1
      if (best === one || best === other) this.findBest(row)
      else if (best >= 0 && this.get(row, one) > this.get(row, best)) this.best[row] = one
    }
  }
}

/**
 * Average linkage: joins the two groups that are most alike until none are at least `least` alike. Gives each atom the
 * position of the first atom of its group. Memory grows with the square of the atoms.
 */
export const agglomerate = (atoms: readonly Atom[], least: number): Int32Array => {
  const groupOf = Int32Array.from(atoms, (_, at) => at)
  const table = new Table(atoms)
  for (let pair = table.closest(least); pair !== undefined; pair = table.closest(least)) {
    const [first, second] = [Math.min(...pair), Math.max(...pair)]
    table.join(first, second)
    groupOf[second] = first
  }
  // A group that was taken in later than its own members leads on.
  for (let at = 0; at < groupOf.length; at++) groupOf[at] = groupOf[groupOf[at] ?? at] ?? at
  return groupOf
}
