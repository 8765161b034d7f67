import { TongdaError } from '../core/errors.ts'
import { nameFault, nameLook } from '../core/person-name.ts'
import type { Query } from './database.ts'

const words = {
  invisible:
    '姓名里有看不见的字符，请重新输入 the name holds characters that nobody sees; type it anew, do not paste it',
  mixed:
    '姓名的一个词混用了几种字母，请只用一种 a word of the name mixes letters of several alphabets; use one',
} as const

/** The same name twice is no disguise: two people may be called 张伟, and their addresses tell them apart. */
const others = 'select name from agents where deactivated_at is null and name <> $1 and id::text <> $2'

const isTaken = async (query: Query, name: string, ofAgent: string): Promise<boolean> => {
  const look = nameLook(name)
  const rows = await query<{ name: string }>(others, [name, ofAgent])
  // A name of marks alone looks like nothing that could be compared.
  return look !== '' && rows.some((row) => nameLook(row.name) === look)
}

/**
 * Throws `bad_input` for a name that reads as another than it is, or as a colleague's. `ofAgent`: whose name it becomes,
 * empty for somebody new.
 */
export const checkName = async (query: Query, name: string, ofAgent = ''): Promise<void> => {
  const fault = nameFault(name)
  if (fault !== undefined) throw new TongdaError('bad_input', words[fault])
  if (await isTaken(query, name, ofAgent))
    throw new TongdaError(
      'bad_input',
      '这个姓名看起来和一位同事的一样，请换一种写法 the name looks like a colleague’s; write it just as theirs or tell it apart',
    )
}

/** The name that a provider gives, or the address where that name would be refused: it keeps nobody out. */
export const nameOrAddress = async (query: Query, name: string, email: string): Promise<string> =>
  nameFault(name) === undefined && !(await isTaken(query, name, '')) ? name : email
