import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Folders of files that take minutes each, whatever their size, and wait for most of that. */
const long = ['test/torture/', 'test/backup/']
/** So many other files lie between two of them. */
const between = 8

const isLong = ({ moduleId }: TestSpecification): boolean => long.some((folder) => moduleId.includes(folder))

/**
 * Begins what takes minutes early, so that no worker is left with it at the end, and one after the other: two at once would
 * hold each other up, and both wait while no other test uses the machine.
 */
export default class SpreadLong extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const ahead = sorted.filter(isLong)
    const others = sorted.filter((file) => !isLong(file))
    const mixed = others.flatMap((file, at) => (at % between === 0 ? [...ahead.splice(0, 1), file] : [file]))
    return [...mixed, ...ahead]
  }
}
