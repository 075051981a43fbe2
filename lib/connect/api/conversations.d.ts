// Types of a deep path of the original SDK; the classes are those of the package itself.
import { ConversationResource } from '../../../index';

export = ConversationResource;
