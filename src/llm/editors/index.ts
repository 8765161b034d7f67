import type { EditorModel } from '../../core/editing-help.ts'
import type { LanguageModel } from '../../core/language-model.ts'
import { createJudge } from './judge.ts'
import { createTone } from './tone.ts'
import { createWordings } from './wordings.ts'
import { createWrite } from './write.ts'

/** What a language model does for editors. */
export const createEditorModel = (model: Pick<LanguageModel, 'ask'>): EditorModel => ({
  wordings: createWordings(model),
  write: createWrite(model),
  judge: createJudge(model),
  tone: createTone(model),
})
