// Types of a deep path of the original SDK; the classes are those of the package itself.
import { ProductResource } from '../../../index';

export = ProductResource;
