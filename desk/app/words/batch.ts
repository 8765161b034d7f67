import { wordsWith } from './index.ts'

/* The words of one part of the desk, in both languages; `en` has exactly the keys of `zh`. */

export const zh = {
  'assign.title': '分配 {what}',
  'assign.go': '分配',
  'assign.to': '给谁',
  'assign.to.missing': '请选择给谁',
  'assign.me': '我（{name}）',
  'assign.note': '备注（同事可见，用户看不到）',
  'assign.note.missing': '交给同事或小组时，请写一句备注',
  'assign.note.free': '备注（可不填；同事可见，用户看不到）',
  'tag.title': '{what} 的标签',
  'tag.add': '加上',
  'tag.remove': '去掉',
  'priority.title': '{what} 的优先级',
} as const

export const en: Readonly<Record<keyof typeof zh, string>> = {
  'assign.title': 'Assign {what}',
  'assign.go': 'Assign',
  'assign.to': 'To whom',
  'assign.to.missing': 'Choose to whom',
  'assign.me': 'Me ({name})',
  'assign.note': 'Note (for colleagues; the contact does not see it)',
  'assign.note.missing': 'Write a note when you hand over to a colleague or a team',
  'assign.note.free': 'Note (may be left empty; the contact does not see it)',
  'tag.title': 'Tags of {what}',
  'tag.add': 'Add',
  'tag.remove': 'Take away',
  'priority.title': 'Priority of {what}',
}

export const useWords = wordsWith(zh, en)
