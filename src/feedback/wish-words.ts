/** Words that say "I wish" and nothing of what is wished for; longer ones first. Texts are normalised ones. */
const asking = [
  '(?:强烈|诚心|真心)?(?:建议|希望|跪求|呼吁|呼叫|期待|要求)(?:你们|官方|平台|产品|贵司|以后|后续)?(?:可以|能够|能|可|支持|增加|添加|新增|提供|有|加个|加一个)?',
  '求求(?:你们|了)?|拜托|谢谢|麻烦|辛苦|产品(?:爸爸|大大|经理)|官方',
  '(?:能不能|能否|可不可以|可否|可以|是否|能)(?:支持|增加|添加|加个|加一个|加|出个|出一个|给个|给一个|给|做个|做一个|搞个|搞一个|有)?',
  '就好了|就完美了|好不好|行不行|好吗|行吗|一下|安排(?:上)?|呗|吧|嘛|啊|呀|吗|呢',
]
/** Words that ask where a clause begins and mean something elsewhere: 求, 想. */
const opening =
  '加个|加一个|给个|给一个|出个|出一个|做个|做一个|搞个|搞一个|来个|求个|求一个|求|想要|想|要是|如果'

const anywhere = new RegExp(asking.join('|'), 'gu')
const atStart = new RegExp(`(?:^|(?<=[\\s,.!?;，。！？；]))(?:${opening})`, 'gu')
const marks = /[\s,.!?;，。！？；~…]+/gu

/**
 * What is wished for, without the words of wishing: two wishes are alike by their matter, not by their manner.
 * A text that is nothing but manner stays as it is.
 */
export const matterOf = (text: string): string => {
  const matter = text.replace(anywhere, ' ').replace(atStart, ' ').replace(marks, ' ').trim()
  return matter === '' ? text : matter
}
