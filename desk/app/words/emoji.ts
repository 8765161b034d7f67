import { wordsWith } from './index.ts'

/* The words of one part of the desk, in both languages; `en` has exactly the keys of `zh`. */

export const zh = {
  'emoji.panel': '选择表情',
  'emoji.find': '按名称找表情',
  'emoji.none': '没有叫这个名字的表情。',
  'emoji.recent': '最近用过',
  'emoji.found': '找到的表情',
  'emoji.faces': '表情',
  'emoji.hands': '手势',
  'emoji.hearts': '心意',
  'emoji.work': '办事',
  'emoji.things': '物品',
  'emoji.marks': '符号',
} as const

export const en: Readonly<Record<keyof typeof zh, string>> = {
  'emoji.panel': 'Choose an emoji',
  'emoji.find': 'Find an emoji by name',
  'emoji.none': 'No emoji has this name.',
  'emoji.recent': 'Used last',
  'emoji.found': 'Found',
  'emoji.faces': 'Faces',
  'emoji.hands': 'Hands',
  'emoji.hearts': 'Hearts',
  'emoji.work': 'Work',
  'emoji.things': 'Things',
  'emoji.marks': 'Marks',
}

/** The desk's words and these. */
export const useWords = wordsWith(zh, en)
