/** The entry that draws: the panel and the command line have a tool of their own for it. */
export const SAMPLER_ENTRY = 'glide.Text2ImUNet.forward';

/** The entry that answers a question about a picture. */
export const ANSWER_ENTRY = 'blip.BLIP_VQA.forward';
