import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import { createKey } from '../api/request.ts'
import { answerOf, ifMatch, v1, type Schemas } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useWords, type WordKey } from '../words/knowledge.ts'

export type ArticleContent = Schemas['ArticleContent']
export type Draft = Schemas['KnowledgeDraft']
export type Evaluation = Schemas['KnowledgeEvaluation']

const root = 'knowledge'
export const knowledgeKey = (...parts: readonly unknown[]): readonly unknown[] => [root, ...parts]

/** The header of a request that takes effect once. */
export const once = () => ({ header: { 'Idempotency-Key': createKey() } })

/** The same for a change of what was seen. */
export const onceAt = (version: number) => ({ 'Idempotency-Key': createKey(), ...ifMatch(version) })

const pageSize = 50

export interface ArticleFilter {
  readonly text: string
  readonly topic: string | undefined
}

/** Articles, page by page. */
export const useArticles = ({ text, topic }: ArticleFilter) =>
  useInfiniteQuery({
    queryKey: knowledgeKey('articles', text, topic),
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: pageSize,
        ...(text === '' ? {} : { text }),
        ...(topic === undefined ? {} : { topic }),
        ...(pageParam === undefined ? {} : { cursor: pageParam }),
      }
      return answerOf(v1.GET('/knowledge/articles', { params: { query }, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  })

export const useArticle = (articleId: string) =>
  useQuery({
    queryKey: knowledgeKey('article', articleId),
    queryFn: ({ signal }) =>
      answerOf(v1.GET('/knowledge/articles/{articleId}', { params: { path: { articleId } }, signal })),
  })

export const useDrafts = (state: Draft['state']) =>
  useQuery({
    queryKey: knowledgeKey('drafts', state),
    queryFn: async ({ signal }) =>
      (await answerOf(v1.GET('/knowledge/drafts', { params: { query: { state, limit: 200 } }, signal })))
        .data,
  })

export const useDraft = (id: string) =>
  useQuery({
    queryKey: knowledgeKey('draft', id),
    queryFn: ({ signal }) => answerOf(v1.GET('/knowledge/drafts/{id}', { params: { path: { id } }, signal })),
    // What somebody is writing must not be changed under the hands.
    staleTime: Infinity,
  })

/** Does something about the knowledge, says so, and looks at all of it again. */
export const useKnowledgeAct = <Answer, Asked = void>(
  act: (asked: Asked) => Promise<Answer>,
  done?: WordKey,
) => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      if (done !== undefined) void message.success(t(done))
      return client.invalidateQueries({ queryKey: knowledgeKey() })
    },
    onError: (error) => void message.error(explain(error, t)),
  })
}
