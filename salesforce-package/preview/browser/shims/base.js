/** Where the preview is mounted, like /salesforce. */
export const base = document.documentElement.dataset.base;
