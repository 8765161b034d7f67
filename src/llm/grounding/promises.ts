import { plain } from './read.ts'

/** Words with which the brand binds itself, speaks of what it has done, or of money that somebody gets. */
const commitments =
  /保证|承诺|担保|一定(?:会|能|可以)|肯定(?:会|能|可以)|绝对|百分百|必定|赔偿|赔付|补偿|赠送|送您|送你|返还|返现|退还|退款|退给|打给您|打给你|转账|免单|减免|解封|解禁|恢复账号|撤销处罚|注销|(?:已经?|正在|马上|立刻|立即)(?:为|帮|给|替)(?:您|你)|(?:我们?|客服|系统)(?:会|将|已)(?:为|帮|给|替)?(?:您|你)?|\b(?:guarantee[ds]?|promise[ds]?|refund(?:s|ed)?|compensat\w+|reimburs\w+|waive[ds]?|unban\w*|restore[ds]?|transfer(?:red)?|for sure|definitely|certainly|we (?:will|have|are)|we'll|we've|i (?:will|have)|i'll|i've)\b/gu

/** Every word that commits the brand has to stand in the source as it is. */
export const promisesMore = (sentence: string, source: string): boolean => {
  const known = plain(source).replace(/你/g, '您')
  return (plain(sentence).match(commitments) ?? []).some((word) => !known.includes(word.replace(/你/g, '您')))
}
